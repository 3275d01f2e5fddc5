"""What every mock shares, one noun per file; it knows no supplier."""

__all__: list[str] = []
