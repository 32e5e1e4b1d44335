"""Run whole processes in turn, and say what each cost: wall and CPU seconds, and peak memory of all its processes together.

Wall time on a shared machine is noise; so everything is run in turn, several times, and compared as a ratio within one turn.
A newcomer's trap: to ask the kernel for the memory of two processes twenty times a second costs them a tenth of their speed. So
what is timed is not weighed, and what is weighed is not timed.
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
    """What one run cost: seconds and, when it was weighed, bytes."""

    wall: float
    cpu: float
    memory: int


def run(
    command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None, *, weigh: bool = False
) -> Cost:
    """Run a command to its end; it must succeed. Its memory is watched when it is to be weighed."""
    started = time.perf_counter()
    with Path(os.devnull).open("wb") as nothing:
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=nothing)
        sampler = _Sampler(process.pid)
        if weigh:
            sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        if weigh:
            sampler.stop()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, sampler.peak)


class _Sampler(threading.Thread):
    """Watches the memory of a process and its children: proportional set size, so that shared pages count once.

    A newcomer's trap: what the kernel tells at a process's end (ru_maxrss) counts the moment between fork and exec, when it was
    still a copy of us, and we have the whole feed in memory.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, sum(map(_pss, _family(self.pid))))

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


Runner = Callable[[bool], Cost]
"""Runs once; told whether it is weighed."""


def race(runners: Mapping[str, Runner], turns: int, against: str) -> dict[str, dict[str, tuple[float, ...]]]:
    """Run all in turn, `turns` times, and once more to weigh; give per runner the ratios to `against` of the same turn."""
    timed: dict[str, list[Cost]] = {name: [] for name in runners}
    weighed: dict[str, list[Cost]] = {name: [] for name in runners}
    for turn in range(turns + 1):
        for name, runner in runners.items():
            (timed if turn < turns else weighed)[name].append(runner(turn == turns))
    table: dict[str, dict[str, tuple[float, ...]]] = {}
    for name in runners:
        table[name] = {}
        for figure, costs in (("wall", timed), ("cpu", timed), ("memory", weighed)):
            values = [getattr(cost, figure) for cost in costs[name]]
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


def cpu_of(pid: int) -> float:
    """CPU seconds that a process has used until now, its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
