"""The table: one command at a time. Lock, load, decide, save, publish; and the timekeeper."""
