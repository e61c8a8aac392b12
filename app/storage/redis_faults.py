"""What goes wrong between here and Redis, in the contract's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as NotInTime

from app.storage.contract import StorageDown, UnreadableGame

#: How Redis begins a refusal that is its own state, not our mistake.
_STATES = (
    *("OOM", "READONLY", "LOADING", "MISCONF", "BUSY", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN"),
    *("TRYAGAIN", "MOVED", "ASK", "NOAUTH", "NOPERM", "WRONGPASS", "UNKILLABLE"),
)


class Unanswered(StorageDown):
    """No answer came: whether it was done is not known."""


@contextmanager
def faults_as_storage_down() -> Iterator[None]:
    """What goes wrong outside this program in the contract's words; our mistakes stay loud."""
    try:
        yield
    except (NotConnected, NotInTime) as fault:
        # A refused password or a server that is still loading: it did answer.
        refused = type(fault) not in (NotConnected, NotInTime)
        raise (StorageDown if refused else Unanswered)(_reason(fault)) from fault
    except ResponseError as error:
        if is_bad_key(error):
            raise UnreadableGame("one of its keys is of another kind") from error
        if isinstance(error, (OutOfMemoryError, ReadOnlyError)) or _state(error) in _STATES:
            raise StorageDown(_reason(error)) from error
        raise


def is_bad_key(error: Exception) -> bool:
    """Whether a key is not of the kind that its name says."""
    return _state(error) == "WRONGTYPE"


def _state(error: Exception) -> str:
    return _words(error).partition(" ")[0]


def _reason(error: Exception) -> str:
    """Redis' own words in one line, without the script they came through."""
    first, *_ = _words(error).splitlines() or [type(error).__name__]
    return f"Redis: {first.partition(' script: ')[0]}"


def _words(error: Exception) -> str:
    """Without the command, in which codes and clients are."""
    return str(error).rpartition(" of pipeline caused error: ")[2]
