"""What a bus promises is tested in a process of its own, patched by gevent as the server is."""

import subprocess
import sys

from app.settings import HOUSE

RUN = """
from gevent import monkey; monkey.patch_all()
import sys, pytest
sys.exit(pytest.main(["tests/bus/patched", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]))
"""


def test_either_bus_keeps_its_promises() -> None:
    """Here, a patch would reach every other test, and the runner itself."""
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
