"""The simulated WeChat Work server."""
