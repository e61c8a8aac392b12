"""axe-core, which looks for what shuts people out: fetched by npm, kept in .venv."""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from app.settings import HOUSE

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
FILE = HOUSE / ".venv" / f"axe-core-{VERSION}.js"
MEMBER = "package/axe.min.js"


def axe() -> Path | None:
    """The script, fetched when it is not here yet; None where npm or its registry is away."""
    if not FILE.exists() and (script := fetched()) is not None:
        FILE.write_bytes(script)
    return FILE if FILE.exists() else None


def fetched() -> bytes | None:
    """The script out of the registry's package; another than the one we know is refused."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        words = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", folder]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=120)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as files:
            member = files.extractfile(MEMBER)
            assert member is not None, f"{package.name} holds no {MEMBER}"
            script = member.read()
    digest = hashlib.sha256(script).hexdigest()
    assert digest == SHA256, f"axe-core {VERSION} is another file than it was: {digest}"
    return script
