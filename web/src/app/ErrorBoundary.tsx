// A page that fails to draw is told about in its place; the rest of the application goes on.
//
// After an update of the server an open tab names files that are gone: then it is loaded anew.
import { Component, type ReactNode } from "react";
import { ErrorPanel } from "../pages/shared/ErrorPanel";

interface Props {
  // Another value means another page: its failure, if any, is its own.
  place: string;
  children: ReactNode;
}

interface State {
  error: unknown;
  place: string;
}

const nothing = Symbol("no error");

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: nothing, place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.place === state.place ? null : { error: nothing, place: props.place };
  }

  override render(): ReactNode {
    if (this.state.error === nothing) return this.props.children;
    return <ErrorPanel error={this.state.error} onRetry={() => window.location.reload()} />;
  }
}
