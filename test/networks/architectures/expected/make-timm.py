"""Outputs of ViT-S/16 with generated weights, by float64, and the names and shapes of its parameters.

Writes timm.json beside this file. Debian has no timm, so the network is defined here by the paper (Dosovitskiy et al. 2021,
section 3.1) with timm's names of parameters (timm/models/vision_transformer.py, vit_small_patch16_224).
"""

from pathlib import Path

import torch
from generated_weights import described, fill, images, layout, write
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        query, key, value = self.qkv(x).reshape(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-2, -1) / (width // self.heads) ** 0.5).softmax(-1)
        return self.proj((weights @ value).transpose(1, 2).reshape(batch, tokens, width))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, channels, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(channels, width, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    def __init__(self, size, classes, width=384, depth=12, heads=6, patch=16):
        super().__init__()
        channels, height, width_of_image = size
        patches = (height // patch) * (width_of_image // patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + patches, width))
        self.patch_embed = PatchEmbed(channels, width, patch)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def case(size):
    published = sum(p.numel() for p in VisionTransformer([3, 224, 224], 1000).parameters())
    model = VisionTransformer(size, 10)
    facts = {"architecture": "vit_s16", "reference": "timm", "input": size, "published": published, **layout(model)}
    model = fill(model).double().eval()
    with torch.no_grad():
        y = model(images(size))
    return {**facts, "part": "whole", "amplitude": 2, "gain": 2, "output": described(y)}


cases = [("vit_s16", size, lambda size=size: case(size)) for size in ([3, 64, 48], [3, 224, 224])]
write(Path(__file__).with_name("timm.json"), cases, {"torch": torch.__version__})
