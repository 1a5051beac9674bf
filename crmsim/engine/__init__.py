"""The simulator: a customer base whose every draw has an address, so that luck can be held constant.

*A run is a function of (scenario, policy, seed, replication).* Every random decision is a hash of the seed, the
replication, the customer, the purpose, the period and the item (see `kernel`). Nothing is drawn in sequence,
so nothing that happens elsewhere can change it: not other customers, not threads, not an action of the firm.

The parts, in the order in which they work:

- `world`: a scenario as arrays that the compiled kernel reads;
- `kernel`: the life of customers, period by period, compiled;
- `simulate`: blocks of customers in threads, gathered into the tables of a `Run`;
- `policy`: what the firm does; `compare`: two policies for the same customers with the same luck;
- `truth`: what only the simulator knows; `output`: tables on disk.
"""
