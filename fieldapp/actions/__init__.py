"""One plain function per thing a person does. Each opens one transaction, or touches none.

The first parameter says where a function runs: `Vault` and `VaultDirectory` in the vault worker,
`Screener` in the screening worker, `Reader` in the reader worker, `Press` in the press. The second is a
frozen command, the return value a frozen result. `fieldapp/worker.py` lists them; nothing registers
itself.
"""
