"""What holds for every test: how long a machine takes is nobody's failure."""

from hypothesis import HealthCheck, settings

settings.register_profile("apitwin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("apitwin")
