"""Runs every check of the project: format, lint, types and layers, then the tests.

    python tests/check.py            all of them, as CI does
    python tests/check.py --quick    all but the tests marked slow: between two commits

The first four run side by side, and the tests on all cores. The first check that fails ends the run;
the closing line of the tests comes last. All other arguments go to pytest.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
LAYERS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
)
CHECKS = (
    (PYTHON, "-m", "ruff", "format", "--check", "."),
    (PYTHON, "-m", "ruff", "check", "."),
    (PYTHON, "-c", LAYERS),
    (PYTHON, "-m", "mypy"),
)
# One process more than there are cores: some tests wait for a server, or for a deadline.
ON_ALL_CORES = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal")
NOT_SLOW = ("-m", "not slow")
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30  # noqa: S108  (a folder of its own is made there)
"""Where Linux keeps files in memory, and how many bytes the tests may need there."""
# Tests start the tool as a process hundreds of times: it is not to be compiled each time.
ENVIRONMENT = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}


def main(arguments: list[str]) -> int:
    """Run the checks from the top of the project; give the first exit code that is not 0."""
    return run_side_by_side() or run_tests(arguments)


def run_side_by_side() -> int:
    """Run the checks that only read the code; show their outputs one after the other."""
    running = [
        subprocess.Popen(
            check,
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for check in CHECKS
    ]
    for process in running:
        said, _ = process.communicate()
        sys.stdout.write(said)
        sys.stdout.flush()
    return next((process.returncode for process in running if process.returncode), 0)


def run_tests(arguments: list[str]) -> int:
    """Run pytest; one process writes golden files, since several could write to one document."""
    chosen = [argument for argument in arguments if argument != "--quick"]
    options = [
        *(() if "--update-golden" in chosen else ON_ALL_CORES),
        *(NOT_SLOW if "--quick" in arguments else ()),
    ]
    command = [PYTHON, "-m", "pytest", *options, *chosen]
    # In memory, no test waits for the disk.
    place = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
    with TemporaryDirectory("-check", dir=place, ignore_cleanup_errors=True) as folder:
        environment = {**ENVIRONMENT, "TMPDIR": folder}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
