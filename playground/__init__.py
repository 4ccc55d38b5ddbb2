"""What a person plays with, headless: specs, sessions, commands, scenarios, checks, reports and lessons."""
