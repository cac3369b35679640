"""The same bot and simulator as in the tests of the edge."""

from tests.wecom.conftest import address, client, echo, sealed, simulator

__all__ = ["address", "client", "echo", "sealed", "simulator"]
