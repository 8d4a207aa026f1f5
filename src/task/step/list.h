STEP(set)
STEP(keep_if)
STEP(drop)
STEP(rename)
