"""Mock and target driven by the same sequences; what differs is found without any law, shrunk and told."""

__all__: list[str] = []
