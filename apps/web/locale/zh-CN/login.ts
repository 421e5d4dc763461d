import type { Messages } from "../locales.ts";

export const login: Messages["login"] = {
  title: "登录",
  lead: "电网数据汇于一湖：每条读数都留存，每个指标只算一次。",
  name: "用户名",
  password: "密码",
  submit: "登录",
  expired: "会话已结束。请重新登录，将回到原来的页面。",
  nameMissing: "请输入用户名。",
  passwordMissing: "请输入密码。",
  drawing: "单线图：一条母线、一台变压器和三条馈线",
};
