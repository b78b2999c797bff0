"""Makes bytes that show a fault smaller, so that a person can read them."""


def smaller(data, shows_it, tries=400):
    """The bytes with everything cut out that `shows_it` does not need, within so many tries."""
    step = len(data) // 2
    while step and tries:
        at = 0
        while at < len(data) and tries:
            tries -= 1
            shorter = data[:at] + data[at + step :]
            if shows_it(shorter):
                data = shorter
            else:
                at += step
        step //= 2
    return data
