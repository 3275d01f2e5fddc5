"""What every mock shares, one noun per file."""

__all__: list[str] = []
