"""A control group with limits, for one process: by version 1 or 2, whichever the machine has."""

import os
import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")


class ControlGroup:
    """Raises OSError where no group can be made (not root, or no controllers)."""

    def __init__(self, memory, cpus):
        name = f"longhand-test-{os.getpid()}-{id(self)}"
        self.version = 2 if (ROOT / "cgroup.controllers").exists() else 1
        if self.version == 2:
            folder = ROOT / name
            folder.mkdir()
            self.folders = [folder]
            (folder / "memory.max").write_text(str(memory))
            (folder / "cpu.max").write_text(f"{int(cpus * 100_000)} 100000")
            self.memory = folder
        else:
            self.memory = ROOT / "memory" / name
            cpu = ROOT / "cpu" / name
            self.folders = [self.memory, cpu]
            for folder in self.folders:
                folder.mkdir()
            (self.memory / "memory.limit_in_bytes").write_text(str(memory))
            (cpu / "cpu.cfs_period_us").write_text("100000")
            (cpu / "cpu.cfs_quota_us").write_text(str(int(cpus * 100_000)))

    def enter(self):
        """For a new process, before it runs its program."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def kills(self):
        """How many processes the system has killed for memory."""
        file = self.memory / ("memory.events" if self.version == 2 else "memory.oom_control")
        return next(int(line.split()[1]) for line in file.read_text().splitlines()
                    if line.startswith("oom_kill "))

    def peak(self):
        """The most memory taken, page cache included; None where the system does not tell."""
        file = self.memory / ("memory.peak" if self.version == 2 else "memory.max_usage_in_bytes")
        return int(file.read_text()) if file.exists() else None

    def remove(self):
        for folder in self.folders:
            folder.rmdir()
