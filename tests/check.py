"""Runs every check of the project in turn, and stops at the first that fails.

`python tests/check.py` is the test command: format, lint, types, layers, then the tests, whose
closing line comes last. Arguments go to pytest.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
)


def main() -> int:
    """Run the checks from the top of the project; give the first exit code that is not 0."""
    layers = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    commands = [
        *([sys.executable, "-m", *check] for check in CHECKS),
        [sys.executable, "-c", layers],
        [sys.executable, "-m", "pytest", *sys.argv[1:]],
    ]
    for command in commands:
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
