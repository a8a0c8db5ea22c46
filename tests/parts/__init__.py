"""Real servers for the tests: found, started and stopped here, on this machine only."""
