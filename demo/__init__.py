"""The demo region: an invented season of three invented houses along a river that does not exist.

`python -m demo` writes it as the export files of three ticketing systems, relative to today, into content/houses/*/source/,
and prints its posters. The texts are in demo/season/; the river Elve flows, on the map, through the North Sea.
"""
