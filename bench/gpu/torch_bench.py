"""The same training steps as torch-bench.ts in Python's PyTorch: eager float32 (TF32), bfloat16 autocast eager, CUDA graph, torch.compile.

    python bench/gpu/torch_bench.py     needs a GPU
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
arguments, sys.argv = sys.argv, ['torch_bench.py', '']
import torch
from torch_denoiser import BLOCKS, MELS, WIDTH, Denoiser, batch, stepper

ITEMS, FRAMES = 20, 1000
FLOPS = 3 * 2 * ITEMS * FRAMES * (MELS * WIDTH + BLOCKS * 5 * WIDTH * 2 * WIDTH + WIDTH * WIDTH + WIDTH * MELS)

torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
torch.backends.cudnn.benchmark = True


def captured(step):
    """The whole step as one CUDA graph, the way PyTorch's documentation does it."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step()

    def replay():
        graph.replay()
        return loss

    return replay


def median_time(step):
    for _ in range(10):
        step()
    runs = []
    for _ in range(9):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(10):
            step()
        end.record()
        end.synchronize()
        runs.append(start.elapsed_time(end) / 10)
    return sorted(runs)[4]


def measure(title, mixed, prepare=None, finish=None):
    try:
        torch.manual_seed(1)
        torch.cuda.reset_peak_memory_stats()
        model = Denoiser().cuda()
        optimizer = torch.optim.AdamW(model.parameters(), 1e-4, fused=True, capturable=finish is not None)
        started = time.time()
        step = stepper(prepare(model) if prepare else model, batch(ITEMS, FRAMES, 'cuda'), mixed, optimizer)
        step = finish(step) if finish else step
        step()
        torch.cuda.synchronize()
        prepared = time.time() - started
        milliseconds = median_time(step)
        memory = torch.cuda.max_memory_reserved() / 2**30
        rate = FLOPS / (milliseconds / 1000) / 1e12
        print(f'{title:<58} {milliseconds:9.2f} {rate:8.0f} {"":>13} {memory:8.1f} GiB   prepared in {prepared:.0f} s', flush=True)
    except Exception as error:
        print(f'{title:<58} FAILED: {error}', flush=True)
    torch.cuda.empty_cache()


print(f'Python {sys.version.split()[0]}, PyTorch {torch.__version__}: the same steps')
print(f'{"form":<58} ms a step  TFLOP/s                peak memory')
measure('Python: float32 (TF32), eager', False)
measure('Python: bfloat16 autocast, eager', True)
measure('Python: bfloat16 autocast, CUDA graph', True, finish=captured)
measure('Python: bfloat16 autocast, torch.compile', True, prepare=torch.compile)
if '--more' in arguments:
    measure('Python: bfloat16 autocast, torch.compile, CUDA graph', True, prepare=torch.compile, finish=captured)
