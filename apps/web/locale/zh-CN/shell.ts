import type { Messages } from "../locales.ts";

export const shell: Messages["shell"] = {
  product: "Gridlake",
  skip: "跳到正文",
  navigation: "页面",
  group: { operation: "运行监视", grid: "电网" },
  page: {
    realtime: "实时用电",
    devices: "设备",
    login: "登录",
    forbidden: "无权访问",
    missing: "页面不存在",
    unreachable: "无法连接平台",
  },
  signOut: "退出登录",
  signedInAs: "当前用户 {name}",
  clock: "当前时间，{zone}",
  language: "语言",
  appearance: {
    label: "外观",
    system: "跟随系统",
    light: "浅色",
    dark: "深色",
  },
  role: {
    admin: "管理员",
    dispatcher: "调度员",
    maintainer: "运维人员",
    analyst: "分析员",
    viewer: "查看者",
  },
};
