"""The smallest possible casequality plugin, and the template for yours."""
