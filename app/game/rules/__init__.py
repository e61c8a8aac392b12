"""One module per chapter of the rules; each command is one function that writes into a draft."""
