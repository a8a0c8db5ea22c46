"""Which release this tree is. A test holds it to `pyproject.toml`, which is not there where the program runs."""

VERSION = "0.1.0"
