// Colours for values from 0 to 1 whose steps look equally large, as matplotlib has them: inferno and viridis by Smith and van
// der Walt (CC0, https://bids.github.io/colormap), turbo by Mikhailov (Apache 2.0, Google AI Blog 2019), which is no even
// scale but shows more detail.

/** Names of colour maps. */
export const colourMaps = ["inferno", "viridis", "turbo"] as const;

export type ColourMap = (typeof colourMaps)[number];

/** Every fifth of 256 colours, six hexadecimal digits each; between them colours are linear within 1.2 of 255. */
const TABLES: Readonly<Record<ColourMap, string>> = {
  inferno: [
    "00000402020c0504170a072210092d160b391e0c45260c512f0a5b380962400a67490b6a510e6c59106e",
    "61136e69166e71196e781c6d801f6c88226a902568982766a02a63a82e5fb0315bb73557bf3952c63d4d",
    "cc4248d34743d94d3ddf5337e45a31e9612bed6925f1711ff47918f78212f98b0bfa9407fb9d07fca60c",
    "fcb014fbba1ffac42af8cd37f6d746f4e156f2ea69f2f27df5f992fcffa4",
  ].join(""),
  viridis: [
    "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b",
    "38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b",
    "1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd250",
    "89d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725",
  ].join(""),
  turbo: [
    "30123b36215f3b2f803f3e9c424bb54559cb4666dd4773eb4680f6458cfd4099ff38a5fb2fb2f427bee9",
    "1fc9dd1ad4d018ddc21ae4b622ebaa2ff19b3ff68a52fa7a65fd6979fe598bff4b9cfe40a9fb39b7f735",
    "c3f134d0ea34dbe236e5d938eecf3af5c53afaba39fdae35fea130fe932afc8423f9751df46617ef5811",
    "e84b0ce14109d83706ce2d04c32503b71d02a916019b0f018b09027a0403",
  ].join(""),
};

const COLOURS = 52;

/** Red, green and blue from 0 to 255 at 256 steps from 0 to 1, one colour after another. */
export function colourTable(name: ColourMap): Uint8Array {
  const anchors = Array.from({ length: COLOURS }, (_, at) =>
    [0, 2, 4].map((digit) =>
      Number.parseInt(TABLES[name].slice(6 * at + digit, 6 * at + digit + 2), 16),
    ),
  );
  return Uint8Array.from({ length: 256 * 3 }, (_, at) => {
    const step = Math.floor(at / 3) / 5;
    const [low, channel] = [Math.floor(step), at % 3];
    const [a, b] = [anchors[low][channel], anchors[Math.min(COLOURS - 1, low + 1)][channel]];
    return Math.round(a + (step - low) * (b - a));
  });
}
