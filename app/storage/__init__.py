"""Where games rest: every accepted command is committed before anybody hears of it."""
