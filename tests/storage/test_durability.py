"""What was acknowledged is there after the power cut; and a server's patched world works alike."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from app.game.ledger import fold
from app.settings import HOUSE
from app.storage.sql import SqlStorage
from tests.storage.games import created, creation

Open = Callable[[str], SqlStorage]

# Plays in a fork for each line it reads, so that Python starts once for all five power cuts.
PLAYING = """
import os, sys
from app.storage.sql import SqlStorage
from tests.storage.games import change
def say(word):
    sys.stdout.write(f"{word}\\n")
    sys.stdout.flush()
def play():
    say(os.getpid())
    storage = SqlStorage(sys.argv[1])
    game = storage.load("K7QF2M")
    while True:
        save = change(game)
        storage.save(save)
        game = save.game
        say(game.version)
for line in sys.stdin:
    player = os.fork()
    if not player:
        play()
    os.waitpid(player, 0)
    say("dead")
"""

PATCHED = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from tests.storage.games import change, created, creation
url, beside = sys.argv[1:]
is_redis = url.startswith("redis")
storage = RedisStorage(url, SqlStorage(beside)) if is_redis else SqlStorage(url)
codes = ["BBBB" + a + b for a in "BCDF" for b in "BCDF"]
def evening(code):
    game = created(code)
    storage.save(creation(game))
    for _ in range(5):
        save = change(game)
        storage.save(save)
        game = save.game
        assert storage.load(code) == game
gevent.joinall([gevent.spawn(evening, code) for code in codes], raise_error=True)
assert storage.is_well() and storage.count_games() == 16
storage.close()
"""


def test_every_acknowledged_version_survives_being_killed(
    sqlite_url: str, open_storage: Open
) -> None:
    """Five times over the same file, each at a moment nobody chose."""
    first = open_storage(sqlite_url)
    first.save(creation(created()))
    first.close()
    with subprocess.Popen(
        [sys.executable, "-c", PLAYING, sqlite_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HOUSE,
        text=True,
        bufsize=1,
    ) as table:
        assert table.stdin is not None
        assert table.stdout is not None
        for _ in range(5):
            table.stdin.write("play\n")
            player = int(table.stdout.readline())
            acknowledged = [table.stdout.readline() for _ in range(random.randint(5, 60))]
            os.kill(player, signal.SIGKILL)
            acknowledged += iter(table.stdout.readline, "dead\n")
            after = open_storage(sqlite_url)
            game = after.load("K7QF2M")
            assert game is not None
            assert game.version - int(acknowledged[-1]) in (0, 1)
            assert fold(created(), after.ledger("K7QF2M")) == game
            after.close()
        table.stdin.close()


def test_it_works_in_a_patched_process(storage_url: str, tmp_path: Path) -> None:
    """The server patches the standard library before anything else; these tests do not."""
    words = [sys.executable, "-c", PATCHED, storage_url, f"sqlite:///{tmp_path / 'beside.sqlite3'}"]
    subprocess.run(words, cwd=HOUSE, check=True, timeout=30)
