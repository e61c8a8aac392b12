"""The rules, alone: no clock, no dice, no input or output. Instants and chance are arguments."""
