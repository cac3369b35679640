"""A WeChat Work server and a chat page for demo and tests; it talks to the bot over HTTP alone."""

from bot.simulator.hands import Simulator
from bot.simulator.server import create_simulator

__all__ = ["Simulator", "create_simulator"]
