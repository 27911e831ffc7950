"""Learning rates by torch.optim.lr_scheduler as factors of a base rate of 1.

Writes schedules.json beside this file: for each schedule its options, the number of steps and of steps in an epoch, and the
factor of every step; for the plateau the monitored figures and the factor after each.
"""

import json
from pathlib import Path

import torch
from torch.optim import lr_scheduler as schedulers


def optimiser():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def factors(make, steps, each=1):
    """The rate before each step; the schedule moves on after every `each` steps."""
    optim = optimiser()
    schedule = make(optim)
    rates = []
    for step in range(steps):
        rates.append(optim.param_groups[0]["lr"])
        optim.step()
        if (step + 1) % each == 0 and step + 1 < steps:
            schedule.step()
    return rates


def cosine_with_warm_up(optim, steps, rise, floor):
    """A linear rise whose first rate is 1 / (rise + 1), then the cosine."""
    cosine = schedulers.CosineAnnealingLR(optim, T_max=steps - rise, eta_min=floor)
    if rise == 0:
        return cosine
    warm_up = schedulers.LinearLR(optim, start_factor=1 / (rise + 1), end_factor=1, total_iters=rise)
    return schedulers.SequentialLR(optim, [warm_up, cosine], milestones=[rise])


cases = []


def add(schedule, options, steps, per_epoch, make, each=1):
    rates = factors(make, steps, each)
    cases.append(
        {"schedule": schedule, "options": options, "totalSteps": steps, "stepsPerEpoch": per_epoch, "factors": rates}
    )


add("stepRate", {"every": 3, "gamma": 0.5}, 100, 7, lambda o: schedulers.StepLR(o, 3, 0.5), each=7)
add("stepRate", {}, 65, 1, lambda o: schedulers.StepLR(o, 30, 0.1))
add("cosineRate", {"warmUp": 0}, 50, 5, lambda o: cosine_with_warm_up(o, 50, 0, 0))
add("cosineRate", {}, 200, 5, lambda o: cosine_with_warm_up(o, 200, 10, 0))
add("cosineRate", {"warmUp": 0.2, "floor": 0.1}, 60, 5, lambda o: cosine_with_warm_up(o, 60, 12, 0.1))
add("oneCycleRate", {}, 100, 5, lambda o: schedulers.OneCycleLR(o, 1.0, total_steps=100, cycle_momentum=False))
add(
    "oneCycleRate",
    {"rise": 0.45, "startDivisor": 10, "endDivisor": 100},
    73,
    5,
    lambda o: schedulers.OneCycleLR(
        o, 1.0, total_steps=73, pct_start=0.45, div_factor=10, final_div_factor=100, cycle_momentum=False
    ),
)
add("polynomialRate", {}, 80, 5, lambda o: schedulers.PolynomialLR(o, 80, 0.9))
add("polynomialRate", {"power": 2}, 31, 5, lambda o: schedulers.PolynomialLR(o, 31, 2))

monitored = [5, 4, 4.2, 4.1, 4.0, 3.9999, 3.99, 4, 4, 4, 3.5, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6, 3.6]
for options, named in [
    ({"patience": 2, "gamma": 0.5, "floor": 0.1}, dict(patience=2, factor=0.5, min_lr=0.1)),
    ({"patience": 0, "gamma": 0.7, "threshold": 0}, dict(patience=0, factor=0.7, threshold=0)),
    ({}, {}),
]:
    optim = optimiser()
    plateau = schedulers.ReduceLROnPlateau(optim, **named)
    rates = [1.0]
    for figure in monitored:
        plateau.step(figure)
        rates.append(optim.param_groups[0]["lr"])
    cases.append({"schedule": "plateauRate", "options": options, "monitored": monitored, "factors": rates})

text = json.dumps({"versions": {"torch": torch.__version__}, "cases": cases})
Path(__file__).with_name("schedules.json").write_text(text + "\n")
