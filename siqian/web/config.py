"""Where the house's settings come from: environment first, then one TOML file, then defaults that work at once."""

import os
import tomllib
from pathlib import Path

import msgspec


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a deployment may set. Environment names are SIQIAN_ + the name in capitals."""

    home: str = ".home"
    database: str = ""
    database_owner: str = ""
    secret: str = ""
    hosts: str = "localhost,127.0.0.1,[::1]"
    origins: str = ""
    demo: bool = False
    debug: bool = False
    database_backup: str = ""
    sms: str = ""
    sms_secret: str = ""
    numbers: str = ""
    alarm: str = ""
    email: str = ""
    email_from: str = ""
    supervision: str = "12345"
    jurisdiction: str = "siqian.demo"
    inside: str = ""
    adviser_url: str = ""
    adviser_model: str = ""
    adviser_key: str = ""

    @property
    def home_path(self) -> Path:
        return Path(self.home).expanduser().resolve()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home_path / 'siqian.db'}"


class BadConfig(Exception):
    """A setting that cannot be used; the text says which, where and what to do."""


def load(env: dict[str, str] | None = None) -> Config:
    """Read the settings; raises BadConfig naming the file and the field."""
    env = dict(os.environ) if env is None else env
    values: dict[str, object] = {}
    path = env.get("SIQIAN_CONFIG", "")
    if path:
        try:
            values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise BadConfig(f"SIQIAN_CONFIG 指向的文件打不开：{path}（{error.strerror}）。改对路径，或去掉这个变量") from error
        except tomllib.TOMLDecodeError as error:
            raise BadConfig(f"{path} 不是完整的 TOML：{error}。改好这一处再启动") from error
    for name in Config.__struct_fields__:
        text = env.get(f"SIQIAN_{name.upper()}")
        if text is not None:
            values[name] = text
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise BadConfig(f"设置有误：{error}。环境变量写作 SIQIAN_名字，文件里写作 名字 = 值") from error
