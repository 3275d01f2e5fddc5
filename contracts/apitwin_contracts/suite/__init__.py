"""The contract suites: pytest modules, one per category, that examine whatever the installed contracts declare.

`pytest --pyargs apitwin_contracts.suite -p apitwin_contracts.suite.plugin --apitwin-supplier NAME` runs them without the command.
"""

__all__: list[str] = []
