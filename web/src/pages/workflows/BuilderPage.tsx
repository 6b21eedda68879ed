// The builder at its address. Everything of it is in builder/.

import type { ReactNode } from "react";
import { useParams } from "wouter";
import { BuilderOf } from "../../builder/BuilderPage";

export default function BuilderPage(): ReactNode {
  const { namespace = "", name = "" } = useParams<{ namespace: string; name: string }>();
  return <BuilderOf key={`${namespace}/${name}`} namespace={namespace} name={name} />;
}
