"""The command line, with one module per command, loaded when the command is used."""
