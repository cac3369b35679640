"""The WeChat Work edge and the running program."""
