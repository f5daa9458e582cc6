"""What a goal is: its target, who decided it, and the verdicts and reasons that are said of it."""
