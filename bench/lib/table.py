"""The table of results: one row each, printed as soon as it is known."""


class Table:
    def __init__(self, clients):
        self.clients = clients  # ours first
        self.titles = [f"{client.name} {client.version}" for client in clients]
        self.over = []

    def head(self, text):
        columns = "".join(f"{title:>{self.width(title)}}" for title in self.titles)
        print(f"\n{text:<36}{columns}{'ratio':>8}{'limit':>8}")

    def width(self, title):
        return max(len(title) + 2, 10)

    def row(self, label, values, limit=None, digits=1, judge=lambda value: value):
        """`values`: one for each program, None where there is none. `judge` gives what is held against the limit."""
        cells = ["-" if value is None else f"{value:.{digits}f}" for value in values]
        columns = "".join(f"{cell:>{self.width(title)}}" for cell, title in zip(cells, self.titles))
        verdict = self.verdict(label, values[0], limit, judge)
        print(f"  {label:<34}{columns}{self.ratio(values):>8}{verdict}", flush=True)

    def ratio(self, values):
        """Ours to the best of the others."""
        ours, *others = values
        known = [value for value in others if value is not None]
        return f"{ours / min(known):.2f}" if known and ours is not None else "-"

    def verdict(self, label, ours, limit, judge):
        if limit is None:
            return ""
        if judge(ours) <= limit:
            return f"{limit:>8}  ok"
        self.over.append(f"{label}: {ours:.1f}, and the limit is {limit}")
        return f"{limit:>8}  OVER"
