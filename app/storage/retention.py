"""How long what is kept: rules section 12. All in milliseconds since the newest entry."""

from __future__ import annotations

_HOUR_MS = 60 * 60 * 1000
_DAY_MS = 24 * _HOUR_MS

#: A table nobody sat down at, or left when the game was over, is of no use the next evening.
IDLE_MS = 24 * _HOUR_MS
#: A paused game may wait for next month's club evening. A running one is paused by itself when
#: everybody is gone; with that switched off it gets the same time.
PLAYED_MS = 30 * _DAY_MS
#: The code of a closed game is not dealt again so long: links to it still go round.
CLOSED_MS = 30 * _DAY_MS
#: What happened in a finished game can be looked up so long, the game itself being gone.
LEDGER_MS = 30 * _DAY_MS

#: Games of one transaction of a sweep: about 10 ms, so no tap waits noticeably behind it.
BATCH = 20
