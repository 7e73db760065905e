"""The denoiser of torch-denoiser.ts in Python, layer for layer: what the torch package is measured against.

    python bench/torch_denoiser.py cpu ITEMS FRAMES STEPS THREADS     prints one line of JSON
"""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

MELS, WIDTH, BLOCKS = 80, 256, 20


class Block(nn.Module):
    def __init__(self, dilation):
        super().__init__()
        self.level = nn.Linear(WIDTH, WIDTH)
        self.conv = nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=dilation, dilation=dilation)
        self.condition = nn.Conv1d(WIDTH, 2 * WIDTH, 1)
        self.out = nn.Conv1d(WIDTH, 2 * WIDTH, 1)

    def forward(self, x, level, condition):
        y = x + self.level(level).unsqueeze(2)
        z = self.conv(y) + self.condition(condition)
        gate, filter = z.chunk(2, 1)
        residual, skip = self.out(torch.sigmoid(gate) * torch.tanh(filter)).chunk(2, 1)
        return (x + residual) / math.sqrt(2), skip


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Conv1d(MELS, WIDTH, 1)
        self.level1, self.level2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.blocks = nn.ModuleList(Block(2 ** (i % 4)) for i in range(BLOCKS))
        self.skip, self.output = nn.Conv1d(WIDTH, WIDTH, 1), nn.Conv1d(WIDTH, MELS, 1)
        half = WIDTH // 2
        self.register_buffer('frequencies', torch.tensor([10000 ** (-k / (half - 1)) for k in range(half)]))
        for p in self.parameters():
            nn.init.kaiming_normal_(p, nonlinearity='relu') if p.dim() > 1 else nn.init.zeros_(p)

    def forward(self, x, level, condition):
        x = F.relu(self.input(x))
        angles = level.unsqueeze(1) * self.frequencies
        level = self.level2(F.mish(self.level1(torch.cat([angles.sin(), angles.cos()], 1))))
        skips = 0
        for block in self.blocks:
            x, skip = block(x, level, condition)
            skips = skips + skip
        return self.output(F.relu(self.skip(skips / math.sqrt(BLOCKS))))


def batch(items, frames, device):
    noise = lambda channels: torch.randn(items, channels, frames, device=device)
    return noise(MELS), torch.arange(items, device=device).remainder(5).float(), noise(WIDTH), noise(MELS)


def stepper(model, data, mixed, optimizer):
    """One training step, as a function without arguments."""
    x, level, condition, target = data

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=mixed):
            loss = F.l1_loss(model(x, level, condition).float(), target)
        loss.backward()
        optimizer.step()
        return loss

    return step


if __name__ == '__main__' and sys.argv[1] == 'cpu':
    items, frames, steps, threads = map(int, sys.argv[2:6])
    torch.set_num_threads(threads)
    model = Denoiser()
    step = stepper(model, batch(items, frames, 'cpu'), False, torch.optim.AdamW(model.parameters(), 1e-4, fused=True))
    step()
    wall, processor = [], []
    for _ in range(steps):
        start, busy = time.perf_counter(), time.process_time()
        step()
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    print(json.dumps({'parameters': sum(p.numel() for p in model.parameters()), 'wall': wall, 'processor': processor}))
