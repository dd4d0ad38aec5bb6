"""What the engine must answer, worked out without the engine: see ../README.md."""
