"""The command line: parse, call one function, print. A module per noun."""
