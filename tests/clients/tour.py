"""Tour of the sandbox with python-gitlab (Debian's python3-gitlab), and its answers against
GitLab's JSON schemas. The steps are in tour_python/; importing a part adds its steps.

usage: tour.py URL     prints "N passed, N failed"; exit status 1 if anything failed
"""
import sys

import gitlab

import tour_python.projects  # noqa: F401
import tour_python.issues  # noqa: F401
import tour_python.pipelines  # noqa: F401
import tour_python.people  # noqa: F401
import tour_python.hooks  # noqa: F401
import tour_python.faults  # noqa: F401
import tour_python.oauth  # noqa: F401
import tour_python.schemas  # noqa: F401
from tour_python.steps import STEPS, run_steps


def main():
    print(f"python-gitlab {gitlab.__version__}: {len(STEPS)} steps")
    return run_steps()


if __name__ == "__main__":
    sys.exit(main())
