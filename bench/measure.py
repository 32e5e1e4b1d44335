"""Run whole processes in turn, and say what each cost: wall and CPU seconds, and peak memory of all its processes together.

Wall time on a shared machine is noise; so everything is run in turn, several times, and compared as a ratio within one turn.
"""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds and bytes."""

    wall: float
    cpu: float
    memory: int


def run(command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Cost:
    """Run a command to its end; it must succeed."""
    started = time.perf_counter()
    with Path(os.devnull).open("wb") as nothing:
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=nothing)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        sampler.stop()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(sampler.peak, usage.ru_maxrss * 1024))


class _Sampler(threading.Thread):
    """Watches the memory of a process and its children: proportional set size, so that shared pages count once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            pids = _family(self.pid)
            if len(pids) > 1:  # a single process is told exactly by the kernel at its end
                self.peak = max(self.peak, sum(map(_pss, pids)))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def race(
    runners: Mapping[str, Callable[[], Cost]], turns: int, against: str
) -> dict[str, dict[str, tuple[float, ...]]]:
    """Run all in turn, `turns` times; give per runner the ratios to `against` of the same turn: min, median, max."""
    costs: dict[str, list[Cost]] = {name: [] for name in runners}
    for _ in range(turns):
        for name, runner in runners.items():
            costs[name].append(runner())
    table: dict[str, dict[str, tuple[float, ...]]] = {}
    for name, mine in costs.items():
        table[name] = {}
        for figure in ("wall", "cpu", "memory"):
            values = [getattr(cost, figure) for cost in mine]
            ratios = [value / getattr(other, figure) for value, other in zip(values, costs[against], strict=True)]
            table[name][figure] = (statistics.median(values), min(ratios), statistics.median(ratios), max(ratios))
    return table


def show(title: str, table: Mapping[str, Mapping[str, tuple[float, ...]]]) -> None:
    """Print a table for a person."""
    print(f"\n{title}")
    print(f"{'':28}{'wall s':>8}{'ratio (min–max)':>22}{'cpu s':>8}{'ratio (min–max)':>22}{'MB':>7}{'ratio':>8}")
    for name, row in table.items():
        wall, cpu, memory = row["wall"], row["cpu"], row["memory"]
        print(
            f"{name:28}{wall[0]:8.2f}{wall[2]:9.2f} ({wall[1]:.2f}–{wall[3]:.2f}){cpu[0]:11.2f}"
            f"{cpu[2]:9.2f} ({cpu[1]:.2f}–{cpu[3]:.2f}){memory[0] / 1e6:10.0f}{memory[2]:8.2f}"
        )
