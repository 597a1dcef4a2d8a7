"""Times training steps of one of our networks in PyTorch on the processor and prints the median in milliseconds.

Takes the architecture as our own code has it, so that both sides train the very same layers:

    python time_torch_network.py '{"threads": 2, "steps": 20, "shape": [24, 128, 64], "architecture": {...}}'
"""

import json
import statistics
import sys
import time

import torch
from torch import nn


def same_padding(kernel):
    return tuple((size - 1) // 2 for size in kernel)


class JoinBands(nn.Module):
    """[B, C, T, F] to [B, F * C, T]."""

    def forward(self, x):
        batch, channels, frames, bands = x.shape
        return x.permute(0, 3, 1, 2).reshape(batch, bands * channels, frames)


class TimeConvolution(nn.Module):
    def __init__(self, channels, layer):
        super().__init__()
        reach = (layer["kernel"] - 1) // 2 * layer["dilation"]
        self.residual = layer["residual"]
        self.layers = nn.Sequential(
            nn.Conv1d(channels, layer["filters"], layer["kernel"], padding=reach, dilation=layer["dilation"], bias=False),
            nn.BatchNorm1d(layer["filters"]),
            nn.ReLU(),
        )

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.residual else y


def build(architecture):
    modules, channels, bands = [], 1, architecture["nMels"]
    for layer in architecture["layers"]:
        kind = layer["kind"]
        if kind == "conv2d":
            kernel, stride = layer["kernel"], layer["stride"]
            modules += [
                nn.Conv2d(channels, layer["filters"], kernel, stride, same_padding(kernel), bias=False),
                nn.BatchNorm2d(layer["filters"]),
                nn.ReLU(),
            ]
            channels, bands = layer["filters"], -(-bands // stride[1])
        elif kind == "join-bands":
            modules.append(JoinBands())
            channels *= bands
        elif kind == "conv1d":
            modules.append(TimeConvolution(channels, layer))
            channels = layer["filters"]
        elif kind == "dropout":
            # Whole channels are dropped, as ours are.
            modules.append(nn.Dropout1d(layer["rate"]))
        elif kind == "logits":
            modules.append(nn.Conv1d(channels, layer["events"], 1))
        else:
            sys.exit(f"unknown kind of layer: {kind}")
    return nn.Sequential(*modules)


def main():
    job = json.loads(sys.argv[1])
    torch.set_num_threads(job["threads"])
    torch.manual_seed(0)
    network = build(job["architecture"]).train()
    optimizer = torch.optim.AdamW(network.parameters())
    batch, frames, bands = job["shape"]
    spectrograms = torch.randn(batch, 1, frames, bands)
    with torch.no_grad():
        targets = (torch.rand_like(network(spectrograms)) > 0.9).float()
    measured = []
    for _ in range(job["warmUp"] + job["steps"]):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(network(spectrograms), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5)
        optimizer.step()
        loss.item()
        measured.append((time.perf_counter() - start) * 1000)
    print(statistics.median(measured[job["warmUp"]:]))


main()
