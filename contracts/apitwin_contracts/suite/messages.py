"""What a failing test says."""

from apitwin_contracts.drift import CaseResult, Finding

__all__ = ["failure"]


def failure(result: CaseResult) -> str:
    """Write what was found, each finding in a few lines with the requests that show it."""
    told = [_told(finding) for finding in result.findings]
    return "\n\n".join([f"unreachable: {result.reason}", *told] if result.ending == "unreachable" else told)


def _told(finding: Finding) -> str:
    source = f"{finding.source.kind}, {finding.source.where}"
    lines = [
        f"{finding.severity} {finding.category} drift: {finding.check} at {finding.location}",
        f"  expected: {finding.expected}   ({source})",
        f"  observed: {finding.observed}",
    ]
    return "\n".join(lines + [f"  $ {step.curl}" for step in finding.steps])
