"""Warnings: what can be read and run, but can hardly be meant."""

from .material import Material as Material
from .material import Pair as Pair
from .material import StoreFacts as StoreFacts
from .material import Surroundings as Surroundings
from .passes import CHANGING as CHANGING
from .passes import find_warnings as find_warnings
