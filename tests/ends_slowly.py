"""An application that cannot be loaded, and whose process answers nothing for a while when it ends."""

import sys
import time


class Slow:
    def __del__(self, wait=time.sleep):
        wait(2)


# It is the last to be cleared: no thread of the process runs any more.
sys.slow = Slow()
raise RuntimeError("This ends slowly")
