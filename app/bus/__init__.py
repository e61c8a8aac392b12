"""Who hears of a change: announcements from the table to whatever listens."""
