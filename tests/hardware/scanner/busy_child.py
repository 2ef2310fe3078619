"""A process that greets, and works on the first question for ever."""

import sys

if __name__ == "__main__":
    print("{}", flush=True)
    sys.stdin.readline()
    while True:
        pass
