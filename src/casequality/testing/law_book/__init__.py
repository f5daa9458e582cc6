"""The laws of the kit, a room for each kind of law."""
