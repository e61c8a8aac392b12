"""What Linux tells about this machine and its processes: /proc, read without asking anybody."""

import os
import platform
import resource
import subprocess
from pathlib import Path

from app.settings import HOUSE

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Core seconds a process has used, with all its threads, in itself and in the kernel."""
    # The name in brackets may hold anything, so what follows its last bracket counts.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def busy_seconds() -> float:
    """Core seconds everybody on this machine has used, stolen ones included."""
    user, nice, system, _, _, irq, softirq, steal, *_ = (
        int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq + steal) / TICKS


def rss_bytes(pid: int) -> int:
    """Memory a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def descriptors(pid: int) -> int:
    """Files and connections a process holds open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def children(pid: int) -> list[int]:
    """The processes a process has started, the oldest first."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cores() -> tuple[int, int]:
    """The driver's core and the server's; the same one when there is only one."""
    free = sorted(os.sched_getaffinity(0))
    return free[0], free[-1]


def raise_descriptors() -> int:
    """Allow this process, and what it starts, as many descriptors as the machine lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def described() -> dict[str, object]:
    """What a figure means nothing without."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith(("model name", "Model"))
    ]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "memory_mb": os.sysconf("SC_PHYS_PAGES") * PAGE // 2**20,
    }


def commit() -> str:
    """The commit measured, with a plus when what is served differs from it."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=HOUSE, check=False, capture_output=True, text=True
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "app", "templates", "static", "wsgi.py")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")
