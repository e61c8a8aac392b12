"""Out to every listening screen: what changed is rendered once and copied to all."""
