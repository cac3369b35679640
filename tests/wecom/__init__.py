"""The edge to WeChat Work."""
